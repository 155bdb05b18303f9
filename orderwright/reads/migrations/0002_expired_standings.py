"""Tell orders whose hold ran out from those whose hold somebody reversed."""

from typing import Any

from django.db import migrations

_RUN_OUT = (
    "EXISTS (SELECT 1 FROM payments_payment p JOIN payments_ledgertransaction t ON t.payment_id = p.id "
    "WHERE p.order_id = orders_order.id AND t.kind = 'expire')"
)


def tell(_apps: Any, schema_editor: Any) -> None:
    """Set the standing of orders on which nothing is held because a hold ran out."""
    schema_editor.execute(
        f"UPDATE orders_order SET payment_standing = 'expired' WHERE payment_standing = 'reversed' AND {_RUN_OUT}"
    )


def forget(_apps: Any, schema_editor: Any) -> None:
    """Call them reversed again."""
    schema_editor.execute("UPDATE orders_order SET payment_standing = 'reversed' WHERE payment_standing = 'expired'")


class Migration(migrations.Migration):
    dependencies = [
        ("reads", "0001_search"),
        ("orders", "0003_expired_standing"),
        ("payments", "0015_ended_holds"),
    ]
    operations = [migrations.RunPython(tell, forget)]
