"""What vendors and the people behind them send: for trying things out, testing a channel, and storms."""
