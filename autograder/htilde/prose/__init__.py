"""Making what students write fit for the pages of others."""
