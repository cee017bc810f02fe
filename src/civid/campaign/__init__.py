"""Campaigns (chiến dịch cấp thẻ): plan, run, follow and foresee the enrolment of a country."""
