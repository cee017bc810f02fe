"""Progress (tiến độ): counts as events, rates that reconcile, leagues, delay and its causes."""
