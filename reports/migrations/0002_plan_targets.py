"""The targets of the district's plan of 2023-07-10: its eight indicators, then the numbers in its text."""

from datetime import date

from django.db import migrations

PLAN = "《天津市滨海新区国家知识产权保护示范区建设方案》（2023年7月10日印发）"
TARGETS = [
    ("aid_and_mediation", 550, "件/年"),
    ("mediation_success", 70, "%"),
    ("trial_days", 70, "天"),
    ("first_instance_accepted", 80, "%"),
    ("adjudication_accepted", 10, "件/年"),
    ("ruling_upheld", 80, "%"),
    ("special_areas", 5, "个"),
    ("high_value_patents", 45, "件"),
    ("ruling_disclosure", 100, "%"),
    ("stations", 20, "家"),
    ("joint_enforcement", 3, "次/年"),
    ("technical_investigators", 50, "人"),
    ("paired_enterprises", 100, "家"),
    ("protection_commissioners", 100, "名"),
    ("overseas_pilots", 10, "家"),
    ("partner_centres", 5, "家"),
    ("briefings", 1, "次/年"),
    ("push_meetings", 1, "次/季度"),
    ("tasks_done", 64, "项"),
]


def put_in(apps, schema_editor):
    Target = apps.get_model("reports", "Target")
    for code, value, unit in TARGETS:
        Target.objects.get_or_create(
            code=code,
            valid_from=date(2023, 1, 1),
            defaults={"value": value, "unit": unit, "document": PLAN, "valid_to": date(2025, 12, 31)},
        )


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(put_in, migrations.RunPython.noop)]
