-- The last end is taken back: of an idea that had not ended, that it was launched.
UPDATE ideas SET withdrawn_reason = NULL, closed_reason = NULL,
       service_link = CASE WHEN withdrawn_reason IS NULL AND closed_reason IS NULL THEN NULL ELSE service_link END
 WHERE idea_id = $1
