-- +goose Up
-- A system of the partner that is asked knows of questions about the categories to which it is limited, and of no other.
alter policy read on information_request using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = information_request.dossier_id and not a.shielded
       and (a.roles <> 0 or a.kind = 'director' or partner_id = (select me_partner()) and ((select me_limit()) >> category) & 1 = 1) limit 1));
alter policy change on information_request using (
  municipality_id = (select me_municipality())
  and (select true from my_admissions a where a.dossier_id = information_request.dossier_id and not a.shielded
       and (a.roles <> 0 or a.kind = 'director' or partner_id = (select me_partner()) and ((select me_limit()) >> category) & 1 = 1) limit 1));

-- +goose Down
select 1;
