-- Every change of a customer or an order leaves a row in audit_log.
CREATE TABLE audit_log (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    table_name text        NOT NULL,
    row_id     bigint      NOT NULL,
    action     text        NOT NULL,
    changed_by text        NOT NULL DEFAULT current_user,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- The application may connect with another search_path: the log is found beside the changed table.
CREATE FUNCTION write_audit_log() RETURNS trigger
    LANGUAGE plpgsql AS
$$
BEGIN
    EXECUTE format('INSERT INTO %I.audit_log (table_name, row_id, action) VALUES ($1, $2, $3)', TG_TABLE_SCHEMA)
        USING TG_TABLE_NAME::text, CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, TG_OP;
    RETURN NULL;
END;
$$;

CREATE TRIGGER customers_audit
    AFTER INSERT OR UPDATE OR DELETE ON customers
    FOR EACH ROW EXECUTE FUNCTION write_audit_log();

CREATE TRIGGER orders_audit
    AFTER INSERT OR UPDATE OR DELETE ON orders
    FOR EACH ROW EXECUTE FUNCTION write_audit_log();
