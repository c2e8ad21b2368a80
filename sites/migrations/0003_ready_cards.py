from django.db import migrations, models

# The static members of a list's item as compact JSON text. Declared immutable: the functions
# within are only marked stable for types that do not occur here.
CREATE_CARD = """
CREATE FUNCTION site_card(
    slug text, category text, place public.geography, error_m integer, credit text,
    on_sale boolean, languages text[], thumbnail text
) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $$ SELECT concat(
    '"slug":', to_json(slug), ',"category":', to_json(category), ',"location":',
    '{"lat":' || public.st_y(place::public.geometry)
        || ',"lon":' || public.st_x(place::public.geometry) || '}',
    CASE WHEN place IS NULL THEN 'null' END,
    ',"location_error_m":', coalesce(error_m::text, 'null'),
    ',"location_credit":', coalesce(to_json(nullif(credit, ''))::text, 'null'),
    ',"on_sale":', on_sale::text,
    ',"languages":', array_to_json(languages),
    ',"thumbnail":', coalesce(to_json(nullif(thumbnail, ''))::text, 'null')
) $$
"""
DROP_CARD = (
    "DROP FUNCTION site_card(text, text, public.geography, integer, text, boolean, text[], text)"
)


class Migration(migrations.Migration):
    dependencies = [
        ("heritage_sites", "0002_cards_search_and_sources"),
    ]

    operations = [
        migrations.AlterField(
            model_name="heritagesite",
            name="names",
            field=models.TextField(default="{}", editable=False),
        ),
        migrations.RunSQL(CREATE_CARD, reverse_sql=DROP_CARD),
        migrations.AddField(
            model_name="heritagesite",
            name="card",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("slug"),
                    models.F("category"),
                    models.F("location"),
                    models.F("location_error_m"),
                    models.F("location_credit"),
                    models.F("on_sale"),
                    models.F("languages"),
                    models.F("thumbnail"),
                    function="site_card",
                ),
                output_field=models.TextField(),
            ),
        ),
    ]
