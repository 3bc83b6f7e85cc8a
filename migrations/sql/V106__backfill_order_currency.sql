UPDATE orders SET currency = 'EUR' WHERE currency IS NULL;

-- A default keeps application code that does not know the column working.
ALTER TABLE orders
    ALTER COLUMN currency SET DEFAULT 'EUR',
    ALTER COLUMN currency SET NOT NULL,
    ADD CONSTRAINT orders_currency_iso CHECK (currency ~ '^[A-Z]{3}$');
