-- fleetway:minCompatibleCodeVersion=2.14.0
-- Contract: application code before 2.14.0 still reads full_name.
UPDATE customers SET display_name = full_name WHERE display_name IS NULL;

ALTER TABLE customers
    ALTER COLUMN display_name SET NOT NULL,
    DROP COLUMN full_name;
