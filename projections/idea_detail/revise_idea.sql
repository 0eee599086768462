UPDATE ideas SET title = $2, problem = $3, proposal = $4, beneficiaries = $5, themes = $6, places = $7, ask_minor = $8,
       ask_currency = $9, revised_at = $10
 WHERE idea_id = $1
