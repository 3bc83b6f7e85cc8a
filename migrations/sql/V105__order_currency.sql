-- Expand: old application code leaves the new column empty, V106 fills it.
ALTER TABLE orders ADD COLUMN currency text;
