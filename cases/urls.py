"""Addresses of the case room. Every name has a row in stations/policy.toml."""

from django.urls import path, re_path

from .views import (
    approving,
    auditing,
    consultations,
    desk,
    doing,
    finding,
    handing,
    health,
    lists,
    papers,
    registering,
    workspace,
)

urlpatterns = [
    path("", desk.home, name="home"),
    path("cases/", lists.cases, name="cases"),
    path("cases/new/", registering.case_new, name="case_new"),
    path("cases/check/", registering.case_check, name="case_check"),
    path("cases/duplicates/", registering.case_duplicates, name="case_duplicates"),
    path("cases/<int:pk>/", workspace.case, name="case"),
    path("cases/<int:pk>/unmask/", workspace.unmask, name="unmask"),
    path("cases/<int:pk>/files/", papers.case_files, name="case_files"),
    path("cases/<int:pk>/acts/<slug:name>/", doing.case_act, name="case_act"),
    path("proceedings/<int:pk>/steps/<slug:name>/", doing.step, name="step"),
    path("proceedings/<int:pk>/acts/<slug:name>/", doing.act, name="act"),
    path("files/<int:pk>/", papers.file, name="file"),
    re_path(r"^documents/(?P<pk>\d+)\.(?P<ending>pdf|docx)$", papers.document, name="document"),
    path("verify/<str:code>/", papers.verify, name="verify"),
    path("approvals/", approving.approvals, name="approvals"),
    path("approvals/<int:pk>/", approving.approval, name="approval"),
    path("consultations/", consultations.consultations, name="consultations"),
    path("consultations/new/", consultations.consultation, name="consultation"),
    path("consultations/<int:pk>/unmask/", consultations.consultation_unmask, name="consultation_unmask"),
    path("search/", finding.search, name="search"),
    path("hand-over/", handing.hand_over_all, name="hand_over_all"),
    path("audit/", auditing.audit, name="audit"),
    path("alerts/", auditing.alerts, name="alerts"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
