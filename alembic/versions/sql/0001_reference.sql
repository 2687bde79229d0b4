-- The reference schema as it was first migrated. Frozen: changes are later migrations.

CREATE TABLE actors (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    actor_type VARCHAR(50) NOT NULL,
    display_name VARCHAR(255) NOT NULL,
    capabilities JSONB DEFAULT '[]'::jsonb NOT NULL,
    contact_methods JSONB DEFAULT '[]'::jsonb NOT NULL,
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    authentication JSONB DEFAULT '{}'::jsonb NOT NULL,
    status VARCHAR(50) DEFAULT 'ACTIVE' NOT NULL,
    organization_id UUID,
    user_id UUID,
    CONSTRAINT pk_actors PRIMARY KEY (id),
    CONSTRAINT ck_actors_actor_type CHECK (actor_type IN ('HUMAN', 'AI_AGENT', 'TEAM', 'IOT_DEVICE', 'IOT_GATEWAY')),
    CONSTRAINT ck_actors_actor_status CHECK (status IN ('PENDING_CLAIM', 'ACTIVE', 'SUSPENDED', 'DELETED'))
);

CREATE TABLE ai_tool_configs (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    vendor_id UUID NOT NULL,
    tool_name VARCHAR(255) NOT NULL,
    tool_type VARCHAR(50) NOT NULL,
    config JSONB NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_ai_tool_configs PRIMARY KEY (id),
    CONSTRAINT ck_ai_tool_configs_tool_type CHECK (tool_type IN ('api', 'webhook', 'function'))
);

CREATE TABLE ai_tool_executions (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID NOT NULL,
    tool_config_id UUID NOT NULL,
    vendor_id UUID NOT NULL,
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    input_data JSONB NOT NULL,
    output_data JSONB,
    error_message TEXT,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_ai_tool_executions PRIMARY KEY (id),
    CONSTRAINT ck_ai_tool_executions_execution_status CHECK (status IN ('pending', 'running', 'completed', 'failed'))
);

CREATE TABLE appointment_types (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    duration_minutes INTEGER DEFAULT 30 NOT NULL,
    color VARCHAR(7) DEFAULT '#3B82F6' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    buffer_before_minutes INTEGER DEFAULT 0 NOT NULL,
    buffer_after_minutes INTEGER DEFAULT 0 NOT NULL,
    advance_booking_days INTEGER DEFAULT 30 NOT NULL,
    cancellation_hours INTEGER DEFAULT 24 NOT NULL,
    price NUMERIC(10, 2),
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    booking_slug VARCHAR(100) NOT NULL,
    is_public BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_appointment_types PRIMARY KEY (id),
    CONSTRAINT uq_appointment_types_booking_slug UNIQUE (booking_slug)
);

CREATE TABLE appointments (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    appointment_type_id UUID NOT NULL,
    user_id UUID,
    start_time TIMESTAMP WITH TIME ZONE NOT NULL,
    end_time TIMESTAMP WITH TIME ZONE NOT NULL,
    status VARCHAR(20) DEFAULT 'scheduled' NOT NULL,
    notes TEXT,
    cancelled_at TIMESTAMP WITH TIME ZONE,
    cancellation_reason TEXT,
    CONSTRAINT pk_appointments PRIMARY KEY (id),
    CONSTRAINT ck_appointments_appointment_status CHECK (status IN ('scheduled', 'completed', 'cancelled', 'no_show'))
);

CREATE TABLE assistant_channels (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    channel_type VARCHAR(20) NOT NULL,
    phone_number VARCHAR(20),
    twilio_sid VARCHAR(50),
    email_address VARCHAR(255),
    is_active BOOLEAN DEFAULT true NOT NULL,
    greeting_message TEXT,
    voicemail_greeting TEXT,
    CONSTRAINT pk_assistant_channels PRIMARY KEY (id),
    CONSTRAINT ck_assistant_channels_channel_type CHECK (channel_type IN ('phone', 'email', 'sms', 'web', 'api'))
);

CREATE TABLE availability_slots (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    appointment_type_id UUID NOT NULL,
    start_time TIMESTAMP WITH TIME ZONE NOT NULL,
    end_time TIMESTAMP WITH TIME ZONE NOT NULL,
    is_available BOOLEAN DEFAULT true NOT NULL,
    is_recurring BOOLEAN DEFAULT false NOT NULL,
    recurrence_pattern JSONB,
    CONSTRAINT pk_availability_slots PRIMARY KEY (id)
);

CREATE TABLE cache (
    key VARCHAR(255) NOT NULL,
    value TEXT NOT NULL,
    expiration INTEGER NOT NULL,
    CONSTRAINT pk_cache PRIMARY KEY (key)
);

CREATE TABLE cache_locks (
    key VARCHAR(255) NOT NULL,
    owner VARCHAR(255) NOT NULL,
    expiration INTEGER NOT NULL,
    CONSTRAINT pk_cache_locks PRIMARY KEY (key)
);

CREATE TABLE claim_codes (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    actor_id UUID NOT NULL,
    code VARCHAR(32) NOT NULL,
    claimed_by_user_id UUID,
    expires_at TIMESTAMP WITH TIME ZONE,
    is_used BOOLEAN DEFAULT false NOT NULL,
    CONSTRAINT pk_claim_codes PRIMARY KEY (id),
    CONSTRAINT uq_claim_codes_code UNIQUE (code)
);

CREATE TABLE contact_list_members (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    contact_list_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    email VARCHAR(255),
    phone VARCHAR(20),
    notes TEXT,
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_contact_list_members PRIMARY KEY (id)
);

CREATE TABLE contact_lists (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    CONSTRAINT pk_contact_lists PRIMARY KEY (id)
);

CREATE TABLE conversations (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    actor_a_id UUID NOT NULL,
    actor_b_id UUID NOT NULL,
    subject VARCHAR(500),
    status VARCHAR(50) DEFAULT 'active' NOT NULL,
    CONSTRAINT pk_conversations PRIMARY KEY (id),
    CONSTRAINT uq_conversations_actor_a_id_actor_b_id UNIQUE (actor_a_id, actor_b_id),
    CONSTRAINT ck_conversations_conversation_status CHECK (status IN ('active', 'archived', 'closed'))
);

CREATE TABLE delegation_rules (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    delegator_actor_id UUID NOT NULL,
    delegatee_actor_id UUID NOT NULL,
    conditions JSONB NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    priority INTEGER DEFAULT 100 NOT NULL,
    CONSTRAINT pk_delegation_rules PRIMARY KEY (id)
);

CREATE TABLE direct_messages (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    sender_id UUID NOT NULL,
    recipient_id UUID NOT NULL,
    message TEXT NOT NULL,
    attachments JSONB DEFAULT '[]'::jsonb NOT NULL,
    is_read BOOLEAN DEFAULT false NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_direct_messages PRIMARY KEY (id)
);

CREATE TABLE inbox_items (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    source_type VARCHAR(20) NOT NULL,
    source_id VARCHAR(255),
    channel_id UUID,
    from_identifier VARCHAR(255) NOT NULL,
    from_name VARCHAR(255),
    subject VARCHAR(500),
    body TEXT NOT NULL,
    attachments JSONB DEFAULT '[]'::jsonb NOT NULL,
    extracted_data JSONB,
    processing_status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    processing_error TEXT,
    routed_to_task_id UUID,
    routing_rule_id UUID,
    auto_response_sent BOOLEAN DEFAULT false NOT NULL,
    auto_response_text TEXT,
    status VARCHAR(20) DEFAULT 'unprocessed' NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    processed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_inbox_items PRIMARY KEY (id),
    CONSTRAINT ck_inbox_items_source_type CHECK (source_type IN ('phone', 'email', 'sms', 'web', 'api')),
    CONSTRAINT ck_inbox_items_processing_status CHECK (processing_status IN ('pending', 'processing', 'completed', 'failed')),
    CONSTRAINT ck_inbox_items_inbox_status CHECK (status IN ('unprocessed', 'processed', 'dismissed', 'created_task'))
);

CREATE TABLE issues (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id BIGSERIAL NOT NULL,
    scan_id BIGINT NOT NULL,
    site_id BIGINT NOT NULL,
    category VARCHAR(50) NOT NULL,
    severity VARCHAR(20) NOT NULL,
    status VARCHAR(20) DEFAULT 'open' NOT NULL,
    title VARCHAR(500) NOT NULL,
    message TEXT NOT NULL,
    page_url VARCHAR(1000) NOT NULL,
    selector VARCHAR(500),
    html_context TEXT,
    wcag_criteria JSONB,
    fix_code TEXT,
    fix_explanation TEXT,
    fix_confidence INTEGER,
    screenshot_url VARCHAR(500),
    CONSTRAINT pk_issues PRIMARY KEY (id),
    CONSTRAINT ck_issues_issue_category CHECK (category IN ('accessibility', 'seo', 'performance', 'security')),
    CONSTRAINT ck_issues_severity CHECK (severity IN ('critical', 'high', 'medium', 'low')),
    CONSTRAINT ck_issues_issue_status CHECK (status IN ('open', 'fixed', 'ignored', 'false_positive'))
);

CREATE TABLE job_batches (
    id VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL,
    total_jobs INTEGER NOT NULL,
    pending_jobs INTEGER NOT NULL,
    failed_jobs INTEGER NOT NULL,
    failed_job_ids TEXT NOT NULL,
    options TEXT,
    cancelled_at INTEGER,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    CONSTRAINT pk_job_batches PRIMARY KEY (id)
);

CREATE TABLE marketplace_bids (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    listing_id UUID NOT NULL,
    vendor_id UUID NOT NULL,
    amount NUMERIC(10, 2) NOT NULL,
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    message TEXT,
    estimated_completion_days INTEGER,
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    CONSTRAINT pk_marketplace_bids PRIMARY KEY (id),
    CONSTRAINT ck_marketplace_bids_bid_status CHECK (status IN ('pending', 'accepted', 'rejected', 'withdrawn'))
);

CREATE TABLE marketplace_listings (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID,
    requestor_id UUID NOT NULL,
    title VARCHAR(500) NOT NULL,
    description TEXT,
    category VARCHAR(100),
    location_required BOOLEAN DEFAULT false NOT NULL,
    location JSONB,
    location_radius_miles INTEGER,
    budget_type VARCHAR(20),
    budget_min NUMERIC(10, 2),
    budget_max NUMERIC(10, 2),
    status VARCHAR(20) DEFAULT 'open' NOT NULL,
    assigned_vendor_id UUID,
    assigned_at TIMESTAMP WITH TIME ZONE,
    needed_by TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_marketplace_listings PRIMARY KEY (id),
    CONSTRAINT ck_marketplace_listings_budget_type CHECK (budget_type IN ('fixed', 'hourly', 'quote')),
    CONSTRAINT ck_marketplace_listings_listing_status CHECK (status IN ('open', 'assigned', 'completed', 'cancelled'))
);

CREATE TABLE marketplace_vendors (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    vendor_type VARCHAR(20) NOT NULL,
    user_id UUID,
    business_name VARCHAR(255),
    ai_provider VARCHAR(50),
    ai_config JSONB,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    logo_url VARCHAR(500),
    categories JSONB,
    services JSONB DEFAULT '[]'::jsonb NOT NULL,
    address VARCHAR(500),
    pricing_model VARCHAR(20),
    base_rate NUMERIC(10, 2),
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    is_verified BOOLEAN DEFAULT false NOT NULL,
    total_jobs INTEGER DEFAULT 0 NOT NULL,
    completed_jobs INTEGER DEFAULT 0 NOT NULL,
    average_rating NUMERIC(3, 2),
    stripe_account_id VARCHAR(255),
    CONSTRAINT pk_marketplace_vendors PRIMARY KEY (id),
    CONSTRAINT ck_marketplace_vendors_vendor_type CHECK (vendor_type IN ('human', 'ai', 'hybrid')),
    CONSTRAINT ck_marketplace_vendors_a_i_provider CHECK (ai_provider IN ('internal', 'botjob', 'alphasite', 'external')),
    CONSTRAINT ck_marketplace_vendors_pricing_model CHECK (pricing_model IN ('fixed', 'hourly', 'quote', 'per_task'))
);

CREATE TABLE messages (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    conversation_id UUID NOT NULL,
    sender_actor_id UUID NOT NULL,
    message_type VARCHAR(50) DEFAULT 'text' NOT NULL,
    content TEXT NOT NULL,
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id),
    CONSTRAINT ck_messages_message_type CHECK (message_type IN ('text', 'task', 'file', 'system'))
);

CREATE TABLE notifications (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    type VARCHAR(50) NOT NULL,
    title VARCHAR(255) NOT NULL,
    message TEXT NOT NULL,
    data JSONB DEFAULT '{}'::jsonb NOT NULL,
    is_read BOOLEAN DEFAULT false NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_notifications PRIMARY KEY (id)
);

CREATE TABLE password_reset_tokens (
    email VARCHAR(255) NOT NULL,
    token VARCHAR(255) NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_password_reset_tokens PRIMARY KEY (email)
);

CREATE TABLE personal_access_tokens (
    id BIGSERIAL NOT NULL,
    tokenable_type VARCHAR(255) NOT NULL,
    tokenable_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    token VARCHAR(64) NOT NULL,
    abilities TEXT[],
    last_used_at TIMESTAMP WITH TIME ZONE,
    expires_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE,
    updated_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_personal_access_tokens PRIMARY KEY (id),
    CONSTRAINT uq_personal_access_tokens_token UNIQUE (token)
);

CREATE TABLE profiles (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID,
    type VARCHAR(50) DEFAULT 'personal' NOT NULL,
    display_name VARCHAR(255),
    bio TEXT,
    avatar_url VARCHAR(500),
    website VARCHAR(255),
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_profiles PRIMARY KEY (id),
    CONSTRAINT ck_profiles_profile_type CHECK (type IN ('personal', 'organization', 'company'))
);

CREATE TABLE relationship_history (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    relationship_id UUID NOT NULL,
    changed_by_actor_id UUID,
    change_type VARCHAR(50) NOT NULL,
    old_values JSONB,
    new_values JSONB,
    CONSTRAINT pk_relationship_history PRIMARY KEY (id),
    CONSTRAINT ck_relationship_history_relationship_change CHECK (change_type IN ('created', 'updated', 'permissions_changed', 'trust_updated'))
);

CREATE TABLE relationships (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    actor_a_id UUID NOT NULL,
    actor_b_id UUID NOT NULL,
    relationship_type VARCHAR(50) NOT NULL,
    permissions JSONB DEFAULT '{}'::jsonb NOT NULL,
    established_via VARCHAR(50) NOT NULL,
    trust_score NUMERIC(5, 2) DEFAULT 50.00 NOT NULL,
    task_count INTEGER DEFAULT 0 NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_relationships PRIMARY KEY (id),
    CONSTRAINT uq_relationships_actor_a_id_actor_b_id UNIQUE (actor_a_id, actor_b_id),
    CONSTRAINT ck_relationships_relationship_type CHECK (relationship_type IN ('OWNER', 'PEER', 'DELEGATE', 'WATCHER', 'VENDOR')),
    CONSTRAINT ck_relationships_established_via CHECK (established_via IN ('CLAIM_CODE', 'INVITATION', 'ORGANIZATION', 'API'))
);

CREATE TABLE routing_rules (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(100) NOT NULL,
    description TEXT,
    priority INTEGER DEFAULT 100 NOT NULL,
    is_active BOOLEAN DEFAULT true NOT NULL,
    conditions JSONB NOT NULL,
    actions JSONB NOT NULL,
    times_matched INTEGER DEFAULT 0 NOT NULL,
    last_matched_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_routing_rules PRIMARY KEY (id)
);

CREATE TABLE scans (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id BIGSERIAL NOT NULL,
    site_id BIGINT NOT NULL,
    status VARCHAR(50) DEFAULT 'pending' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    completed_at TIMESTAMP WITH TIME ZONE,
    pages_scanned INTEGER DEFAULT 0 NOT NULL,
    total_pages INTEGER,
    health_score INTEGER DEFAULT 0 NOT NULL,
    category_scores JSONB,
    issue_count INTEGER DEFAULT 0 NOT NULL,
    error TEXT,
    CONSTRAINT pk_scans PRIMARY KEY (id),
    CONSTRAINT ck_scans_scan_status CHECK (status IN ('pending', 'running', 'completed', 'failed'))
);

CREATE TABLE scheduled_scans (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id BIGSERIAL NOT NULL,
    site_id BIGINT NOT NULL,
    schedule_type VARCHAR(50) NOT NULL,
    schedule_config JSONB,
    is_active BOOLEAN DEFAULT true NOT NULL,
    next_scan_at TIMESTAMP WITH TIME ZONE,
    last_run_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_scheduled_scans PRIMARY KEY (id),
    CONSTRAINT ck_scheduled_scans_schedule_type CHECK (schedule_type IN ('daily', 'weekly', 'monthly', 'custom'))
);

CREATE TABLE sessions (
    id VARCHAR(255) NOT NULL,
    user_id UUID,
    ip_address VARCHAR(45),
    user_agent TEXT,
    payload TEXT NOT NULL,
    last_activity INTEGER NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id)
);

CREATE TABLE sites (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id BIGSERIAL NOT NULL,
    user_id UUID NOT NULL,
    name VARCHAR(255) NOT NULL,
    url VARCHAR(500) NOT NULL,
    auth_type VARCHAR(50) DEFAULT 'none' NOT NULL,
    auth_config JSONB,
    max_pages INTEGER,
    checks JSONB,
    last_scan_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_sites PRIMARY KEY (id),
    CONSTRAINT ck_sites_site_auth CHECK (auth_type IN ('none', 'basic', 'bearer', 'cookie'))
);

CREATE TABLE task_actions (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID NOT NULL,
    user_id UUID,
    action_type VARCHAR(50) NOT NULL,
    action_data JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_task_actions PRIMARY KEY (id)
);

CREATE TABLE task_invitations (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID NOT NULL,
    email VARCHAR(255),
    phone VARCHAR(20),
    invite_code VARCHAR(32) NOT NULL,
    invited_by UUID NOT NULL,
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_task_invitations PRIMARY KEY (id),
    CONSTRAINT uq_task_invitations_invite_code UNIQUE (invite_code),
    CONSTRAINT ck_task_invitations_invitation_status CHECK (status IN ('pending', 'accepted', 'declined', 'expired'))
);

CREATE TABLE task_message_reads (
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    message_id UUID NOT NULL,
    user_id UUID NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_task_message_reads PRIMARY KEY (id),
    CONSTRAINT uq_task_message_reads_message_id_user_id UNIQUE (message_id, user_id)
);

CREATE TABLE task_messages (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID NOT NULL,
    user_id UUID NOT NULL,
    message TEXT NOT NULL,
    attachments JSONB DEFAULT '[]'::jsonb NOT NULL,
    CONSTRAINT pk_task_messages PRIMARY KEY (id)
);

CREATE TABLE tasks (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    title VARCHAR(500) NOT NULL,
    description TEXT,
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    priority VARCHAR(20) DEFAULT 'normal' NOT NULL,
    requestor_id UUID NOT NULL,
    owner_id UUID,
    team_id UUID,
    team_member_id UUID,
    marketplace_vendor_id UUID,
    marketplace_listing_id UUID,
    source_type VARCHAR(20),
    source_channel_id UUID,
    source_channel VARCHAR(50),
    source_channel_ref TEXT,
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    tags JSONB DEFAULT '[]'::jsonb NOT NULL,
    process_id UUID,
    process_step_id VARCHAR(255),
    project_id UUID,
    due_date TIMESTAMP WITH TIME ZONE,
    started_at TIMESTAMP WITH TIME ZONE,
    completed_at TIMESTAMP WITH TIME ZONE,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_tasks PRIMARY KEY (id),
    CONSTRAINT ck_tasks_task_status CHECK (status IN ('pending', 'in_progress', 'completed', 'cancelled')),
    CONSTRAINT ck_tasks_priority CHECK (priority IN ('low', 'normal', 'high', 'urgent')),
    CONSTRAINT ck_tasks_source_type CHECK (source_type IN ('phone', 'email', 'sms', 'web', 'api'))
);

CREATE TABLE team_invitations (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    team_id UUID NOT NULL,
    email VARCHAR(255),
    phone VARCHAR(20),
    invite_code VARCHAR(32) NOT NULL,
    invited_by UUID NOT NULL,
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_team_invitations PRIMARY KEY (id),
    CONSTRAINT uq_team_invitations_invite_code UNIQUE (invite_code),
    CONSTRAINT ck_team_invitations_invitation_status CHECK (status IN ('pending', 'accepted', 'declined', 'expired'))
);

CREATE TABLE team_members (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    team_id UUID NOT NULL,
    user_id UUID NOT NULL,
    is_admin BOOLEAN DEFAULT false NOT NULL,
    joined_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_team_members PRIMARY KEY (id),
    CONSTRAINT uq_team_members_team_id_user_id UNIQUE (team_id, user_id)
);

CREATE TABLE teams (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    name VARCHAR(255) NOT NULL,
    description VARCHAR(500),
    avatar_url VARCHAR(500),
    created_by UUID,
    CONSTRAINT pk_teams PRIMARY KEY (id)
);

CREATE TABLE transactions (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    task_id UUID,
    listing_id UUID,
    vendor_id UUID NOT NULL,
    requestor_id UUID NOT NULL,
    amount NUMERIC(10, 2) NOT NULL,
    currency VARCHAR(3) DEFAULT 'USD' NOT NULL,
    payment_method VARCHAR(50) NOT NULL,
    stripe_payment_intent_id VARCHAR(255),
    stripe_transfer_id VARCHAR(255),
    status VARCHAR(20) DEFAULT 'pending' NOT NULL,
    metadata JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_transactions PRIMARY KEY (id),
    CONSTRAINT ck_transactions_payment_method CHECK (payment_method IN ('stripe_connect', 'stripe', 'manual')),
    CONSTRAINT ck_transactions_transaction_status CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'refunded'))
);

CREATE TABLE users (
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    id UUID DEFAULT gen_random_uuid() NOT NULL,
    email VARCHAR(255) NOT NULL,
    password VARCHAR(255) NOT NULL,
    name VARCHAR(255) NOT NULL,
    phone VARCHAR(20),
    timezone VARCHAR(50) DEFAULT 'America/New_York' NOT NULL,
    plan VARCHAR(50) DEFAULT 'free' NOT NULL,
    plan_expires_at TIMESTAMP WITH TIME ZONE,
    stripe_customer_id VARCHAR(255),
    settings JSONB DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email UNIQUE (email),
    CONSTRAINT ck_users_plan CHECK (plan IN ('free', 'pro', 'enterprise'))
);

CREATE INDEX idx_actors_capabilities ON actors USING gin (capabilities);
CREATE INDEX idx_actors_organization ON actors (organization_id);
CREATE INDEX idx_actors_status ON actors (status);
CREATE INDEX idx_actors_type ON actors (actor_type);
CREATE INDEX idx_actors_user ON actors (user_id);
CREATE INDEX idx_ai_tools_vendor ON ai_tool_configs (vendor_id);
CREATE INDEX idx_ai_executions_status ON ai_tool_executions (status);
CREATE INDEX idx_ai_executions_task ON ai_tool_executions (task_id);
CREATE INDEX idx_ai_executions_vendor ON ai_tool_executions (vendor_id);
CREATE INDEX idx_appointment_types_slug ON appointment_types (booking_slug);
CREATE INDEX idx_appointment_types_user ON appointment_types (user_id, is_active);
CREATE INDEX idx_appointments_time ON appointments (start_time);
CREATE INDEX idx_appointments_type ON appointments (appointment_type_id);
CREATE INDEX idx_appointments_user ON appointments (user_id);
CREATE INDEX idx_channels_type ON assistant_channels (channel_type);
CREATE INDEX idx_channels_user_id ON assistant_channels (user_id);
CREATE INDEX idx_availability_slots_time ON availability_slots (start_time, end_time);
CREATE INDEX idx_availability_slots_type ON availability_slots (appointment_type_id);
CREATE INDEX idx_cache_expiration ON cache (expiration);
CREATE INDEX idx_claim_codes_actor ON claim_codes (actor_id);
CREATE INDEX idx_claim_codes_code ON claim_codes (code);
CREATE INDEX idx_contact_members_list ON contact_list_members (contact_list_id);
CREATE INDEX idx_contact_lists_user ON contact_lists (user_id);
CREATE INDEX idx_conversations_actor_a ON conversations (actor_a_id);
CREATE INDEX idx_conversations_actor_b ON conversations (actor_b_id);
CREATE INDEX idx_delegation_rules_delegatee ON delegation_rules (delegatee_actor_id);
CREATE INDEX idx_delegation_rules_delegator ON delegation_rules (delegator_actor_id);
CREATE INDEX idx_direct_messages_created ON direct_messages (created_at);
CREATE INDEX idx_direct_messages_recipient ON direct_messages (recipient_id);
CREATE INDEX idx_direct_messages_sender ON direct_messages (sender_id);
CREATE INDEX idx_inbox_channel ON inbox_items (channel_id);
CREATE INDEX idx_inbox_received ON inbox_items (received_at);
CREATE INDEX idx_inbox_user_status ON inbox_items (user_id, status);
CREATE INDEX idx_issues_category ON issues (category);
CREATE INDEX idx_issues_scan_id ON issues (scan_id);
CREATE INDEX idx_issues_severity ON issues (severity);
CREATE INDEX idx_issues_site_id ON issues (site_id);
CREATE INDEX idx_issues_status ON issues (status);
CREATE INDEX idx_bids_listing ON marketplace_bids (listing_id);
CREATE INDEX idx_bids_status ON marketplace_bids (status);
CREATE INDEX idx_bids_vendor ON marketplace_bids (vendor_id);
CREATE INDEX idx_listings_category ON marketplace_listings (category);
CREATE INDEX idx_listings_requestor ON marketplace_listings (requestor_id);
CREATE INDEX idx_listings_status ON marketplace_listings (status);
CREATE INDEX idx_vendors_type ON marketplace_vendors (vendor_type, is_active);
CREATE INDEX idx_vendors_user ON marketplace_vendors (user_id);
CREATE INDEX idx_messages_conversation ON messages (conversation_id);
CREATE INDEX idx_messages_created ON messages (created_at);
CREATE INDEX idx_messages_sender ON messages (sender_actor_id);
CREATE INDEX idx_notifications_created ON notifications (created_at);
CREATE INDEX idx_notifications_read ON notifications (user_id, is_read);
CREATE INDEX idx_notifications_user ON notifications (user_id);
CREATE INDEX idx_pat_token ON personal_access_tokens (token);
CREATE INDEX idx_pat_tokenable ON personal_access_tokens (tokenable_type, tokenable_id);
CREATE INDEX idx_profiles_type ON profiles (type);
CREATE INDEX idx_profiles_user_id ON profiles (user_id);
CREATE INDEX idx_rel_history_created ON relationship_history (created_at);
CREATE INDEX idx_rel_history_relationship ON relationship_history (relationship_id);
CREATE INDEX idx_relationships_actor_a ON relationships (actor_a_id);
CREATE INDEX idx_relationships_actor_b ON relationships (actor_b_id);
CREATE INDEX idx_relationships_type ON relationships (relationship_type);
CREATE INDEX idx_routing_rules_user ON routing_rules (user_id, is_active, priority);
CREATE INDEX idx_scans_site_id ON scans (site_id);
CREATE INDEX idx_scans_started_at ON scans (started_at);
CREATE INDEX idx_scans_status ON scans (status);
CREATE INDEX idx_scheduled_scans_next_scan ON scheduled_scans (next_scan_at);
CREATE INDEX idx_scheduled_scans_site_id ON scheduled_scans (site_id);
CREATE INDEX idx_sessions_last_activity ON sessions (last_activity);
CREATE INDEX idx_sessions_user_id ON sessions (user_id);
CREATE INDEX idx_sites_url ON sites (url);
CREATE INDEX idx_sites_user_id ON sites (user_id);
CREATE INDEX idx_task_actions_task ON task_actions (task_id);
CREATE INDEX idx_task_actions_user ON task_actions (user_id);
CREATE INDEX idx_task_invitations_code ON task_invitations (invite_code);
CREATE INDEX idx_task_invitations_task ON task_invitations (task_id);
CREATE INDEX idx_task_messages_task ON task_messages (task_id);
CREATE INDEX idx_task_messages_user ON task_messages (user_id);
CREATE INDEX idx_tasks_owner ON tasks (owner_id);
CREATE INDEX idx_tasks_process ON tasks (process_id);
CREATE INDEX idx_tasks_project ON tasks (project_id);
CREATE INDEX idx_tasks_requestor ON tasks (requestor_id);
CREATE INDEX idx_tasks_status ON tasks (status);
CREATE INDEX idx_tasks_team ON tasks (team_id);
CREATE INDEX idx_team_invitations_code ON team_invitations (invite_code);
CREATE INDEX idx_team_invitations_email ON team_invitations (email);
CREATE INDEX idx_team_invitations_team ON team_invitations (team_id);
CREATE INDEX idx_team_members_team ON team_members (team_id);
CREATE INDEX idx_team_members_user ON team_members (user_id);
CREATE INDEX idx_teams_created_by ON teams (created_by);
CREATE INDEX idx_transactions_requestor ON transactions (requestor_id);
CREATE INDEX idx_transactions_status ON transactions (status);
CREATE INDEX idx_transactions_task ON transactions (task_id);
CREATE INDEX idx_transactions_vendor ON transactions (vendor_id);
CREATE INDEX idx_users_email ON users (email);
CREATE INDEX idx_users_plan ON users (plan);

ALTER TABLE actors ADD CONSTRAINT fk_actors_organization_id FOREIGN KEY(organization_id) REFERENCES profiles (id) ON DELETE SET NULL;
ALTER TABLE actors ADD CONSTRAINT fk_actors_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE ai_tool_configs ADD CONSTRAINT fk_ai_tool_configs_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace_vendors (id) ON DELETE CASCADE;
ALTER TABLE ai_tool_executions ADD CONSTRAINT fk_ai_tool_executions_task_id FOREIGN KEY(task_id) REFERENCES tasks (id);
ALTER TABLE ai_tool_executions ADD CONSTRAINT fk_ai_tool_executions_tool_config_id FOREIGN KEY(tool_config_id) REFERENCES ai_tool_configs (id);
ALTER TABLE ai_tool_executions ADD CONSTRAINT fk_ai_tool_executions_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace_vendors (id);
ALTER TABLE appointment_types ADD CONSTRAINT fk_appointment_types_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE appointments ADD CONSTRAINT fk_appointments_appointment_type_id FOREIGN KEY(appointment_type_id) REFERENCES appointment_types (id) ON DELETE CASCADE;
ALTER TABLE appointments ADD CONSTRAINT fk_appointments_user_id FOREIGN KEY(user_id) REFERENCES users (id);
ALTER TABLE assistant_channels ADD CONSTRAINT fk_assistant_channels_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE availability_slots ADD CONSTRAINT fk_availability_slots_appointment_type_id FOREIGN KEY(appointment_type_id) REFERENCES appointment_types (id) ON DELETE CASCADE;
ALTER TABLE claim_codes ADD CONSTRAINT fk_claim_codes_actor_id FOREIGN KEY(actor_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE claim_codes ADD CONSTRAINT fk_claim_codes_claimed_by_user_id FOREIGN KEY(claimed_by_user_id) REFERENCES users (id);
ALTER TABLE contact_list_members ADD CONSTRAINT fk_contact_list_members_contact_list_id FOREIGN KEY(contact_list_id) REFERENCES contact_lists (id) ON DELETE CASCADE;
ALTER TABLE contact_lists ADD CONSTRAINT fk_contact_lists_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE conversations ADD CONSTRAINT fk_conversations_actor_a_id FOREIGN KEY(actor_a_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE conversations ADD CONSTRAINT fk_conversations_actor_b_id FOREIGN KEY(actor_b_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE delegation_rules ADD CONSTRAINT fk_delegation_rules_delegatee_actor_id FOREIGN KEY(delegatee_actor_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE delegation_rules ADD CONSTRAINT fk_delegation_rules_delegator_actor_id FOREIGN KEY(delegator_actor_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE direct_messages ADD CONSTRAINT fk_direct_messages_recipient_id FOREIGN KEY(recipient_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE direct_messages ADD CONSTRAINT fk_direct_messages_sender_id FOREIGN KEY(sender_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE inbox_items ADD CONSTRAINT fk_inbox_items_channel_id FOREIGN KEY(channel_id) REFERENCES assistant_channels (id);
ALTER TABLE inbox_items ADD CONSTRAINT fk_inbox_items_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE issues ADD CONSTRAINT fk_issues_scan_id FOREIGN KEY(scan_id) REFERENCES scans (id) ON DELETE CASCADE;
ALTER TABLE issues ADD CONSTRAINT fk_issues_site_id FOREIGN KEY(site_id) REFERENCES sites (id) ON DELETE CASCADE;
ALTER TABLE marketplace_bids ADD CONSTRAINT fk_marketplace_bids_listing_id FOREIGN KEY(listing_id) REFERENCES marketplace_listings (id) ON DELETE CASCADE;
ALTER TABLE marketplace_bids ADD CONSTRAINT fk_marketplace_bids_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace_vendors (id);
ALTER TABLE marketplace_listings ADD CONSTRAINT fk_marketplace_listings_assigned_vendor_id FOREIGN KEY(assigned_vendor_id) REFERENCES marketplace_vendors (id);
ALTER TABLE marketplace_listings ADD CONSTRAINT fk_marketplace_listings_requestor_id FOREIGN KEY(requestor_id) REFERENCES users (id);
ALTER TABLE marketplace_listings ADD CONSTRAINT fk_marketplace_listings_task_id FOREIGN KEY(task_id) REFERENCES tasks (id);
ALTER TABLE marketplace_vendors ADD CONSTRAINT fk_marketplace_vendors_user_id FOREIGN KEY(user_id) REFERENCES users (id);
ALTER TABLE messages ADD CONSTRAINT fk_messages_conversation_id FOREIGN KEY(conversation_id) REFERENCES conversations (id) ON DELETE CASCADE;
ALTER TABLE messages ADD CONSTRAINT fk_messages_sender_actor_id FOREIGN KEY(sender_actor_id) REFERENCES actors (id);
ALTER TABLE notifications ADD CONSTRAINT fk_notifications_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE profiles ADD CONSTRAINT fk_profiles_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE relationship_history ADD CONSTRAINT fk_relationship_history_changed_by_actor_id FOREIGN KEY(changed_by_actor_id) REFERENCES actors (id);
ALTER TABLE relationship_history ADD CONSTRAINT fk_relationship_history_relationship_id FOREIGN KEY(relationship_id) REFERENCES relationships (id) ON DELETE CASCADE;
ALTER TABLE relationships ADD CONSTRAINT fk_relationships_actor_a_id FOREIGN KEY(actor_a_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE relationships ADD CONSTRAINT fk_relationships_actor_b_id FOREIGN KEY(actor_b_id) REFERENCES actors (id) ON DELETE CASCADE;
ALTER TABLE routing_rules ADD CONSTRAINT fk_routing_rules_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE scans ADD CONSTRAINT fk_scans_site_id FOREIGN KEY(site_id) REFERENCES sites (id) ON DELETE CASCADE;
ALTER TABLE scheduled_scans ADD CONSTRAINT fk_scheduled_scans_site_id FOREIGN KEY(site_id) REFERENCES sites (id) ON DELETE CASCADE;
ALTER TABLE sites ADD CONSTRAINT fk_sites_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE task_actions ADD CONSTRAINT fk_task_actions_task_id FOREIGN KEY(task_id) REFERENCES tasks (id) ON DELETE CASCADE;
ALTER TABLE task_actions ADD CONSTRAINT fk_task_actions_user_id FOREIGN KEY(user_id) REFERENCES users (id);
ALTER TABLE task_invitations ADD CONSTRAINT fk_task_invitations_invited_by FOREIGN KEY(invited_by) REFERENCES users (id);
ALTER TABLE task_invitations ADD CONSTRAINT fk_task_invitations_task_id FOREIGN KEY(task_id) REFERENCES tasks (id) ON DELETE CASCADE;
ALTER TABLE task_message_reads ADD CONSTRAINT fk_task_message_reads_message_id FOREIGN KEY(message_id) REFERENCES task_messages (id) ON DELETE CASCADE;
ALTER TABLE task_message_reads ADD CONSTRAINT fk_task_message_reads_user_id FOREIGN KEY(user_id) REFERENCES users (id);
ALTER TABLE task_messages ADD CONSTRAINT fk_task_messages_task_id FOREIGN KEY(task_id) REFERENCES tasks (id) ON DELETE CASCADE;
ALTER TABLE task_messages ADD CONSTRAINT fk_task_messages_user_id FOREIGN KEY(user_id) REFERENCES users (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_marketplace_listing_id FOREIGN KEY(marketplace_listing_id) REFERENCES marketplace_listings (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_marketplace_vendor_id FOREIGN KEY(marketplace_vendor_id) REFERENCES marketplace_vendors (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_owner_id FOREIGN KEY(owner_id) REFERENCES users (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_requestor_id FOREIGN KEY(requestor_id) REFERENCES users (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_source_channel_id FOREIGN KEY(source_channel_id) REFERENCES assistant_channels (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_team_id FOREIGN KEY(team_id) REFERENCES teams (id);
ALTER TABLE tasks ADD CONSTRAINT fk_tasks_team_member_id FOREIGN KEY(team_member_id) REFERENCES team_members (id);
ALTER TABLE team_invitations ADD CONSTRAINT fk_team_invitations_invited_by FOREIGN KEY(invited_by) REFERENCES users (id);
ALTER TABLE team_invitations ADD CONSTRAINT fk_team_invitations_team_id FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE;
ALTER TABLE team_members ADD CONSTRAINT fk_team_members_team_id FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE;
ALTER TABLE team_members ADD CONSTRAINT fk_team_members_user_id FOREIGN KEY(user_id) REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE teams ADD CONSTRAINT fk_teams_created_by FOREIGN KEY(created_by) REFERENCES users (id);
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_listing_id FOREIGN KEY(listing_id) REFERENCES marketplace_listings (id);
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_requestor_id FOREIGN KEY(requestor_id) REFERENCES users (id);
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_task_id FOREIGN KEY(task_id) REFERENCES tasks (id);
ALTER TABLE transactions ADD CONSTRAINT fk_transactions_vendor_id FOREIGN KEY(vendor_id) REFERENCES marketplace_vendors (id);
