"""Make what students write safe for pages that others read."""
