-- Of each of some ideas the pool that `of_idea` gives.
SELECT DISTINCT ON (idea_id) * FROM pools.pools
 WHERE idea_id = ANY($1::uuid[])
 ORDER BY idea_id, status = 'cancelled', opened_at DESC
