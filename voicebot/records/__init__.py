"""Everything that is stored: tables, migrations, transactions. The only code that talks to the database."""
