/* version.h: the release of both programs; a build may say another. */
#ifndef TRIBUTARY_BASE_VERSION_H
#define TRIBUTARY_BASE_VERSION_H

#ifndef TRIBUTARY_VERSION
#    define TRIBUTARY_VERSION "1.0.0"
#endif

#endif
