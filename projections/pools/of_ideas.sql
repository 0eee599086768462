-- Of each of some ideas its newest pool, and one that was cancelled only where there is no other.
SELECT DISTINCT ON (idea_id) * FROM pools.pools
 WHERE idea_id = ANY($1::uuid[])
 ORDER BY idea_id, status = 'cancelled', opened_at DESC
