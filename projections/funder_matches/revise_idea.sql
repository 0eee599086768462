UPDATE ideas SET themes = $2, wider = $3, theme_keys = $4, places = $5, place_keys = $6, ask_minor = $7, ask_currency = $8
 WHERE idea_id = $1
