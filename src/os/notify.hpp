#pragma once

#include <string_view>

namespace cluster_lab::os {

/// Talks to systemd over NOTIFY_SOCKET (sd_notify(3)). Without systemd each call does nothing.
void notifyReady();
/// The line that `systemctl status` shows.
void notifyStatus(std::string_view status);
void notifyStopping();

}  // namespace cluster_lab::os
