"""Addresses of who and where."""

from django.urls import path

from .views import office, places, signin

urlpatterns = [
    path("login/", signin.login, name="login"),
    path("logout/", signin.logout, name="logout"),
    path("second-factor/", signin.second_factor, name="second_factor"),
    path("password/", signin.password_change, name="password_change"),
    path("grants/", office.grants, name="grants"),
    path("grants/<int:pk>/end/", office.grant_end, name="grant_end"),
    path("stand-ins/", office.stand_ins, name="stand_ins"),
    path("stand-ins/others/", office.stand_ins, name="stand_ins_others"),
    path("stand-ins/<int:pk>/end/", office.stand_in_end, name="stand_in_end"),
    path("stations/", office.stations, name="stations"),
    path("stations/directory/", places.directory, name="station_directory"),
    path("stations/new/", places.station_edit, name="station_new"),
    path("stations/<int:pk>/", places.station, name="station"),
    path("stations/<int:pk>/edit/", places.station_edit, name="station_edit"),
    path("stations/<int:pk>/<slug:name>/", places.station_part, name="station_part"),
    path("stations/<int:pk>/<slug:name>/<int:seq>/end/", places.station_part_end, name="station_part_end"),
]
