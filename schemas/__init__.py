"""The ground floor: vocabulary, frame contracts, tables, migrations, errors and messages. Imports nothing of ours."""
