-- +goose Up
-- What happened, for who pulls it: in the dossiers that he is in, what he may know by its category, what concerns him in another
-- way (of that the application says whether he may), and for who directs the dossier that something happened.
create view feed_events as
  select f.* from feed f
  where f.municipality_id = (select me_municipality())
    and (select true from my_admissions a where a.dossier_id = f.dossier_id
         and (a.roles & 3 <> 0
           or not a.shielded
             and (f.category is null or ((a.see | a.own | a.released) >> f.category) & 1 = 1
               or f.subject_type in ('action', 'information-request', 'access-request')))
         limit 1);
grant select on feed_events to wijkregie_app;

-- +goose Down
select 1;
