SELECT * FROM mandates.mandates WHERE mandate_id = $1
