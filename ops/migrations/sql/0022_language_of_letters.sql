-- In which language somebody is written to: the one they chose last, or that their browser asked for when they signed
-- in first. Nothing is the language of whoever asks for none.
ALTER TABLE notice_marks ADD COLUMN language text;
