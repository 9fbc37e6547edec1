/* form_reader.h: reading a form of a plan file, part by part. Private to plan/. */
#ifndef TRIBUTARY_PLAN_FORM_READER_H
#define TRIBUTARY_PLAN_FORM_READER_H

#include "plan/reader.h"

/* Fields or columns; in the plan's arena. */
struct item *read_items(struct plan_reader *reader, const json_t *list, const char *key, size_t *ret_count);
void read_tables(struct plan_reader *reader, const json_t *json, struct form *form);

/* "sum" (also if it is left out) or "none". */
bool read_adds(struct plan_reader *reader, const json_t *json, const char *key);

/* Every numeric field is an element by its own code; tables yield what the plan declares. */
void read_elements(struct plan_reader *reader, const json_t *json, struct form *form);

void read_owed_by(struct plan_reader *reader, const json_t *json, struct form *form);
void read_dues(struct plan_reader *reader, const json_t *json, struct form *form);
void read_events_owed(struct plan_reader *reader, const json_t *json, struct form *form);
void read_review(struct plan_reader *reader, const json_t *json, struct form *form);
void read_slots(struct plan_reader *reader, const json_t *json, struct form *form);
void read_unusual(struct plan_reader *reader, const json_t *json, struct form *form);
void read_rules(struct plan_reader *reader, const json_t *json, struct form *form);

/* {"field","equals"}, if it is there: a coded field and one of its codes. */
const struct item *read_field_condition(struct plan_reader *reader, const json_t *json, const char *key,
                                        const struct form *form, const char **ret_equals);

/* What ties the form to other forms; once all of them are read, without a fault. */
void read_links(struct plan_reader *reader, const json_t *json, struct form *form);

#endif
