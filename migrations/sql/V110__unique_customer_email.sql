-- One customer per e-mail address, whatever its case. Fails where a tenant has duplicates.
CREATE UNIQUE INDEX customers_email_key ON customers (lower(email));
