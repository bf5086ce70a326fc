"""What people read: from values, in Italian and English. No decisions, no rows, no clock."""
