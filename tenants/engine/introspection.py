"""Lists the tables of one schema through its dependencies, instead of looking at every table of every company.

The stock query asks pg_table_is_visible of each row of pg_class: 250 ms with a thousand companies, this one 1 ms.
"""

from typing import Any

from django.db.backends.postgresql.introspection import TableInfo
from django_tenants.postgresql_backend.introspection import DatabaseSchemaIntrospection

TABLES = """
SELECT c.relname,
       CASE WHEN c.relispartition THEN 'p' WHEN c.relkind IN ('m', 'v') THEN 'v' ELSE 't' END,
       obj_description(c.oid, 'pg_class')
FROM pg_catalog.pg_depend d
JOIN pg_catalog.pg_class c ON c.oid = d.objid
WHERE d.refclassid = 'pg_catalog.pg_namespace'::regclass
  AND d.classid = 'pg_catalog.pg_class'::regclass
  AND d.refobjid = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = %s)
  AND c.relkind IN ('f', 'm', 'p', 'r', 'v')
"""


class DatabaseIntrospection(DatabaseSchemaIntrospection):  # type: ignore[misc]
    def get_table_list(self, cursor: Any) -> list[TableInfo]:
        cursor.execute(TABLES, [self.connection.schema_name])
        return [TableInfo(*row) for row in cursor.fetchall() if row[0] not in self.ignored_tables]
