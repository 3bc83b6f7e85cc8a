CREATE VIEW order_totals AS
SELECT o.id         AS order_id,
       o.customer_id,
       o.currency,
       coalesce(sum(l.quantity * l.unit_price_cents), 0)::bigint AS total_cents
FROM orders o
         LEFT JOIN order_lines l ON l.order_id = o.id
GROUP BY o.id;
