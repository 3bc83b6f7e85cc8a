-- Expand: display_name replaces full_name, which V111 drops once no application code reads it.
ALTER TABLE customers ADD COLUMN display_name text;

UPDATE customers SET display_name = full_name;
