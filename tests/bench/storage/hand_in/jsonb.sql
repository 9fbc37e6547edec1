insert into revision (submission_id, number, document)
values (:submission, :number, :document);
