"""Addresses of the reports room: the board and the lists behind it."""

from django.urls import path

from . import views

urlpatterns = [
    path("board/", views.board_page, name="board"),
    path("board/<slug:code>/", views.board_cases, name="board_cases"),
    path("board/<slug:code>.xlsx", views.board_sheet, name="board_sheet"),
]
