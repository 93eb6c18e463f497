"""天津港白名单: forms, the mark on a listed party's cases, how long who waits. The model: cases/models/white_list.py."""

from cases import navigation

from . import forms, showing, waiting  # noqa: F401  they bind themselves

navigation.add_matters("工作体系", "white_list", order=20)
