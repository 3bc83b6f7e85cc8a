-- Alone in its file: CONCURRENTLY cannot run inside a transaction. It keeps the table writable.
CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_by_customer ON orders (customer_id, placed_at);
