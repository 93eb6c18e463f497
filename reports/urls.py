"""Addresses of the reports room: the board and the lists behind it."""

from django.urls import path

from . import delivery_views, views

urlpatterns = [
    path("deliveries/", delivery_views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/confirm/", delivery_views.confirm, name="delivery_confirm"),
    path("deliveries/<int:pk>/paper/", delivery_views.paper, name="delivery_paper"),
    path("board/", views.board_page, name="board"),
    path("board/<slug:code>/", views.board_cases, name="board_cases"),
    path("board/<slug:code>.xlsx", views.board_sheet, name="board_sheet"),
]
