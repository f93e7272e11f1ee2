from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0018_files_by_link")]

    operations = [
        migrations.AlterField(
            model_name="conversation",
            name="close_reason",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="note",
            name="signed",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.AddField(
            model_name="clientquestion",
            name="reminded_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
