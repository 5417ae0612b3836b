"""The programs the tests need beside Python: database server, browser, office; found, or installed."""
