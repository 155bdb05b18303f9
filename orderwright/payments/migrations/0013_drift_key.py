"""Which call of ours made a movement on which the books and a provider disagree."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0012_taken_back"),
    ]

    operations = [
        migrations.AddField(
            model_name="drift",
            name="key",
            field=models.CharField(default="", max_length=64),
        ),
    ]
