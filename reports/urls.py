"""Addresses of the reports room: the board and the lists behind it."""

from django.urls import path

from . import (
    customs_views,
    delivery_views,
    evaluation_views,
    feed_views,
    figure_views,
    frozen_views,
    return_views,
    views,
    watch_views,
)
from .ledger.views import board, handing, units

urlpatterns = [
    path("ledger/", board.ledger, name="ledger"),
    path("ledger/editions/", board.editions, name="ledger_editions"),
    path("units/", units.units, name="units"),
    path("units/<int:pk>/", units.unit, name="unit"),
    path("units/<int:pk>/contact/", units.contact, name="unit_contact"),
    path("units/contacts/<int:pk>/end/", units.contact_end, name="unit_contact_end"),
    path("units/<int:pk>/join/", units.join_names, name="unit_join"),
    path("units/<int:pk>/notice/", units.draft_notice, name="unit_notice"),
    path("dossiers/", handing.dossiers, name="dossiers"),
    path("dossiers/sample/", handing.samples, name="samples"),
    path("dossiers/<int:pk>/<slug:ending>/", handing.dossier_file, name="dossier_file"),
    path("dossiers/sample/<int:pk>/", handing.sample_file, name="sample_file"),
    path("returns/", return_views.returns_due, name="returns_due"),
    path("returns/<int:pk>.xlsx", return_views.return_sheet, name="return_sheet"),
    path("evaluations/", evaluation_views.evaluations, name="evaluations"),
    path("deliveries/", delivery_views.deliveries, name="deliveries"),
    path("deliveries/<int:pk>/confirm/", delivery_views.confirm, name="delivery_confirm"),
    path("deliveries/<int:pk>/paper/", delivery_views.paper, name="delivery_paper"),
    path("deliveries/customs/", customs_views.page, name="customs"),
    path("watch/", watch_views.page, name="watch"),
    path("watch/<int:pk>/", watch_views.one, name="watch_one"),
    path("feed-tokens/", feed_views.tokens, name="feed_tokens"),
    path("feed-tokens/<int:pk>/revoke/", feed_views.revoke, name="feed_token_revoke"),
    path("board/", views.board_page, name="board"),
    path("board/comparison/", figure_views.compared, name="board_comparison"),
    path("board/frozen/", frozen_views.rounds, name="frozen"),
    path("board/frozen/<int:seq>/", frozen_views.one_round, name="frozen_round"),
    path("board/frozen/<int:seq>/<slug:code>/", frozen_views.one_figure, name="frozen_figure"),
    path("board/<slug:code>/card/", figure_views.card, name="board_card"),
    path("board/<slug:code>/split/", figure_views.split, name="board_split"),
    path("board/<slug:code>/", views.board_cases, name="board_cases"),
    path("board/<slug:code>.xlsx", views.board_sheet, name="board_sheet"),
]
