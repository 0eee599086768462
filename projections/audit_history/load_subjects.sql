SELECT subject, label, fields FROM subjects WHERE subject = ANY($1::uuid[])
