-- Where there is risk, a proof of work comes before leaving for the identity provider, because the account is made on
-- the way back.
ALTER TABLE oidc_requests ADD COLUMN has_worked boolean NOT NULL DEFAULT false;
