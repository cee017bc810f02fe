"""Where a register is kept: tables, connections, transactions and migrations."""
