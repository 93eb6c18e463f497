"""Addresses of the case room under /api/v1/."""

from django.urls import path

from . import api, api_batches, api_matters

urlpatterns = [
    path("cases/", api.Cases.as_view(), name="cases"),
    path("cases/<int:pk>/", api.OneCase.as_view(), name="case"),
    path("cases/<int:pk>/acts/", api.CaseActs.as_view(), name="case_acts"),
    path("cases/<int:pk>/acts/<slug:name>/", api.CaseAct.as_view(), name="case_act"),
    path("cases/<int:pk>/files/", api.CaseFiles.as_view(), name="case_files"),
    path("batches/", api_batches.Batches.as_view(), name="batches"),
    path("batches/<int:pk>/", api_batches.OneBatch.as_view(), name="batch"),
    path("matters/<slug:slug>/", api_matters.Matters.as_view(), name="matters"),
    path("proceedings/", api.Proceedings.as_view(), name="proceedings"),
    path("proceedings/<int:pk>/", api.OneProceeding.as_view(), name="proceeding"),
    path("proceedings/<int:pk>/steps/", api.Steps.as_view(), name="steps"),
    path("proceedings/<int:pk>/steps/<slug:name>/", api.Step.as_view(), name="step"),
    path("proceedings/<int:pk>/acts/", api.Acts.as_view(), name="acts"),
    path("proceedings/<int:pk>/acts/<slug:name>/", api.Act.as_view(), name="act"),
    path("documents/<int:pk>.<str:ending>", api.DocumentFile.as_view(), name="document"),
    path("approvals/", api.Approvals.as_view(), name="approvals"),
    path("approvals/<int:pk>/<slug:decision>/", api.Decide.as_view(), name="approval_decision"),
    path("deadlines/", api.Deadlines.as_view(), name="deadlines"),
    path("stations/", api.Stations.as_view(), name="stations"),
]
