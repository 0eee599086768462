SELECT made_for FROM offers WHERE offer_id = $1
