"""The search of public rulings: parts of public texts, an index over their tokens, later history and facets of the list.

The index is a table of the same name on both databases; adjudication/searching/index.py reads and writes it. What is
public already is indexed by the worker, from the outbox.
"""

import json

import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone

INDEX = {
    "sqlite": (
        "CREATE VIRTUAL TABLE adjudication_searchindex USING fts5("
        "words, tokenize = 'unicode61', detail = none, columnsize = 0)",
    ),
    "postgresql": (
        "CREATE TABLE adjudication_searchindex (id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX adjudication_searchindex_words ON adjudication_searchindex USING gin (words)",
    ),
}


def make_index(apps, schema_editor):
    for sql in INDEX[schema_editor.connection.vendor]:
        schema_editor.execute(sql)


def drop_index(apps, schema_editor):
    schema_editor.execute("DROP TABLE adjudication_searchindex")


def fill(apps, schema_editor):
    texts = apps.get_model("adjudication", "PublishedRuling").objects
    outbox = apps.get_model("cases", "Outbox").objects
    for text in texts.filter(state="live").defer("text", "sections"):
        page = text.pages.filter(content_type="application/json").first()
        if page is not None:
            text.history = json.dumps(json.loads(bytes(page.content)).get("history", []), ensure_ascii=False)
            text.save(update_fields=["history"])
        outbox.get_or_create(
            key=f"0008_search:{text.ruling_id}",
            defaults={
                "name": "index_ruling",
                "payload": json.dumps({"ruling": text.ruling_id}),
                "not_before": timezone.now(),
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("adjudication", "0007_typical_cases"),
        ("cases", "0002_volumes_visits_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="publishedruling",
            name="history",
            field=models.TextField(default="[]"),
        ),
        migrations.AddIndex(
            model_name="publishedruling",
            index=models.Index(
                fields=["state", "year", "right_kind", "outcome", "status"], name="published_facets"
            ),
        ),
        migrations.CreateModel(
            name="SearchPart",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "part",
                    models.CharField(
                        choices=[
                            ("party", "当事人"),
                            ("cause", "案由"),
                            ("panel", "合议组"),
                            ("orders", "主文"),
                            ("text", "全文"),
                        ],
                        max_length=6,
                    ),
                ),
                ("body", models.TextField()),
                (
                    "published",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="search_parts",
                        to="adjudication.publishedruling",
                    ),
                ),
            ],
            options={"ordering": ["-id"]},
        ),
        migrations.RunPython(make_index, drop_index),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
