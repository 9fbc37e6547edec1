insert into revision (submission_id, number, document, element_value, element_state)
values (:submission, :number, :document, :values, :state_letters);
