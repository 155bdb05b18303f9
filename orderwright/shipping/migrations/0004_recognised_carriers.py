"""Say of the carriers that an installation begins with what their numbers are recognised as, and where Yamato's are followed."""

from typing import Any

from django.db import migrations

RECOGNISED = ("ups", "fedex", "usps", "dhl", "royal-mail")
YAMATO = "https://jizen.kuronekoyamato.co.jp/jizen/servlet/crjz.b.NQ0010?id={number}"


def recognise(apps: Any, _schema_editor: Any) -> None:
    """Set what nobody could have set before."""
    carriers = apps.get_model("shipping", "Carrier").objects
    for slug in RECOGNISED:
        carriers.filter(slug=slug, recognised_as="").update(recognised_as=slug)
    carriers.filter(slug="yamato", tracking_url_template="").update(tracking_url_template=YAMATO)


class Migration(migrations.Migration):
    dependencies = [("shipping", "0003_configuration")]
    operations = [migrations.RunPython(recognise, migrations.RunPython.noop)]
