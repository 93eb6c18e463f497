from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stations", "0009_pairings")]
    operations = [migrations.RemoveField(model_name="enterprise", name="commissioner")]
