#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace cluster_lab::os::log {

/// A journal field of our own: name in capitals without prefix; CLUSTER_LAB_ is put before it.
struct Field {
  std::string_view name;
  std::string value;
};

/// Each writes one line. Under systemd (JOURNAL_STREAM) to the journal with priority and fields
/// (sd_journal_sendv(3)), else to standard error as "TIME LEVEL message" with TIME in seconds since
/// start. Any thread.
void debug(std::string_view message, std::initializer_list<Field> fields = {});
void info(std::string_view message, std::initializer_list<Field> fields = {});
void warning(std::string_view message, std::initializer_list<Field> fields = {});
void error(std::string_view message, std::initializer_list<Field> fields = {});

/// Off by default.
void enableDebug(bool on);

}  // namespace cluster_lab::os::log
