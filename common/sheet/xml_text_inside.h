/* xml_text_inside.h: what reading and writing of tags share. Private to xml_text.c and xml_edit.c. */
#ifndef TRIBUTARY_SHEET_XML_TEXT_INSIDE_H
#define TRIBUTARY_SHEET_XML_TEXT_INSIDE_H

#include "sheet/xml_text.h"

/* The next attribute of a tag; *at begins behind the tag's name. */
bool xml_next_attribute(const struct xml_tag *tag, const char **at, struct xml_attribute *ret_attribute);
bool xml_is_attribute(const struct xml_attribute *attribute, const char *prefix, const char *local);

#endif
